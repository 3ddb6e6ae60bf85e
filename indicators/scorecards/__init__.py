"""What a screen, a document or the report shows of a plan's scores."""
