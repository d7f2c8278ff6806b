"""Screens. Qt lives here and nowhere else; business goes through oficrm, never through a session."""
