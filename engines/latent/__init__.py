"""Latent spaces as places: functions of codes and a decoder, without a window."""
