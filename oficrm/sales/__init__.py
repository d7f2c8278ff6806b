"""Sales documents that flow: quotes into sales, sales into invoices, invoices into payments and credit notes."""
