"""The whole of an office's state in one file, and back: books, configurations, settings, forms and rulebooks."""
