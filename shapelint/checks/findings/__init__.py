"""What is shown: findings with their texts, annotations, contracts, the shapes of each line."""
