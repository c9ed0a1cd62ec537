"""The vectors of sealed files that Python and the browser share, made by `tests.forge_sealed`.

The input of a file has `file` (a
payload as text, a document in base64url), or it is the file of the vector `of` with `edits`: at a
character or byte (from the end, if below 0) so many are removed and others inserted. Which check
refuses what, and in which order, is said here by hand.
"""
