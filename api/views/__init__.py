"""What the pages show and ask, apart from the addresses: forms, lists, charts, languages, rendering."""
