"""What is read off a consultation: causes, proofs and the smallest changes of the need."""
