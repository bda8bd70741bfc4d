"""The pages of analysts: drafts of services, their versions, and where cases stand."""
