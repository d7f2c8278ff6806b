"""Record windows of any module, and the machinery every form shares: editors, draft, saving, conflicts, lines."""
