"""Whom Kính gửi, Nơi nhận, the envelope and the route table mean."""
