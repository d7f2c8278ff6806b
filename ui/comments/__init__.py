"""What is said and noted about records: the stream of comments, and entries of the Bitácora."""
