"""From an alert to an incident and a message, and the doors to Prometheus and to the mail server."""
