"""HTTP requests and their answers, over a connection that is already open."""
