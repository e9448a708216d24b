"""What an argument may be, in scikit-learn's terms: the same inputs, exceptions and warnings."""
