"""Commands for people who change the code; nothing here runs in production."""
