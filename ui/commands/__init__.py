"""What can be done with records beyond what all have, in lists, record windows and related tabs alike."""
