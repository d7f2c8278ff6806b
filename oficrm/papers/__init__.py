"""What records look like on paper: their data as plain values, templates that the user can edit, finished pages."""
