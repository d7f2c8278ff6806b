"""Calendario: hours, repetition, what is done with events and tasks, reminders, and taking them out as iCalendar."""
