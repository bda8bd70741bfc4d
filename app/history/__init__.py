"""The proof of what happened: events are appended with the change itself and chained by digest."""
