"""What helps an agent write: answers to take over, ready replies, and a look before sending."""
