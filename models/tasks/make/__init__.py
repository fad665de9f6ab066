"""Scripts that made the data files beside `models/tasks`, from packages that anyone can fetch. Run by hand."""
