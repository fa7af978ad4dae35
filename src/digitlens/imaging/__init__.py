"""Bytes and arrays in, arrays out: decode, ink, segment, normalise. Pure; knows no Flask, SQL or network."""
