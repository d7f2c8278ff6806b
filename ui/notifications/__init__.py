"""The notices of whoever is at the screen: the bell, its list, and what the program does once a day."""
