"""The interface for programs, /api/v1: JSON over the same use cases and the same permission table as the pages.

`operations` turns a function into an address and keeps what the document says of it; `document` writes the OpenAPI document;
`routes` puts everything together. The rest is one module a resource, and the shapes of what goes in and out.
"""
