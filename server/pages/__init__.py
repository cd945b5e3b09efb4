"""The pages for people: a query form, results as tables, problems explained. No script anywhere."""
