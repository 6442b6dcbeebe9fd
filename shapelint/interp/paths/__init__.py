"""What differs from path to path, and from turn to turn of a loop: joined, widened and told apart."""
