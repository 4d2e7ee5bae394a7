"""Newsgraph reads news articles into a knowledge graph in which every fact cites its sentence."""
