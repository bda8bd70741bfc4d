"""What analysts do: drafts of services, their checks, rehearsals, approval and publishing, and the moving of running cases."""
