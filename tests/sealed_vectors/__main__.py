"""Write the vectors anew."""

from tests.sealed_vectors.files import FILES, path_of, written

for case in FILES:
    path_of(case).parent.mkdir(exist_ok=True)
    path_of(case).write_text(written(case), encoding="utf-8")
