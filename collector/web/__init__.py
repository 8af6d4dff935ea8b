"""Questions to web servers and their answers, over a connection that somebody else opened."""
