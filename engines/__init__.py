"""The headless engine layer: models, data, training, runs. Never Qt, no printing."""
