"""Which graphs each row of an answer rests on, and who says what they state."""
