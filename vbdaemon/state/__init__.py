"""The only room that speaks SQL: SQLite by default, PostgreSQL by URL."""
