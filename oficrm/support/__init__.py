"""Support: cases and their times, the contracts that cover them, the equipment they are about."""
