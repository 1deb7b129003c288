"""The record as people use it: verified, told in sentences, filtered, exported."""
