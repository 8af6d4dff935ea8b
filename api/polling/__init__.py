"""What collectors get and give: rosters, discovery, reports, one poll on demand."""
