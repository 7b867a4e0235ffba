"""The catalogues of texts, one folder a language. Made and checked by ``python -m kurskdata.locale``."""
