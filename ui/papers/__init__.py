"""Paper: what records print to, and the window in which its templates are written."""
