"""Copy the pictures of README and manual out of a tour: `pictures.py FOLDER`, where it left `07-contactos.png`, ..."""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
WANTED = (
    "contactos", "contacto", "cambiar-fecha", "cliente", "historico", "oscuro",
    "archivos-de-un-cliente", "asumir-correo", "importar-correos", "ficha-sales_order", "lista-support_case",
)  # fmt: skip


def find(tour: Path) -> dict[str, Path]:
    """The tour's pictures by their name without number; of several with one name, the last."""
    found = {}
    for path in sorted(tour.glob("*.png")):
        found[re.sub(r"^\d+[-_]", "", path.stem)] = path
    return found


def main() -> int:
    found = find(Path(sys.argv[1]))
    missing = [name for name in WANTED if name not in found]
    if missing:
        print(
            f"the tour has no picture called {', '.join(missing)}; it has {', '.join(found) or 'none'}", file=sys.stderr
        )
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name in WANTED:
        shutil.copyfile(found[name], PICTURES / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
