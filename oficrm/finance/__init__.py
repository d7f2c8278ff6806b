"""Money that comes and goes: what is expected and what moved, cash boxes and banks, commissions."""
