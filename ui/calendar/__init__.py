"""Calendario: day, week and month beside the list, the form of events and tasks, reminders."""
