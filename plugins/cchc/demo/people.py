"""Invented persons: family and given names common in the province, telephone numbers (0000) that no network has."""

import numpy as np

# fmt: off
FAMILIES = ["Lò", "Cà", "Quàng", "Tòng", "Lường", "Vì", "Cầm", "Bạc", "Điêu", "Hoàng", "Mùa", "Giàng", "Vàng", "Sồng",
            "Thào", "Nguyễn", "Trần", "Lê", "Phạm", "Bùi"]
MIDDLES = ["Văn", "Thị", "Xuân", "Thanh", "Minh", "Đức", "Ngọc", "Hồng", "A", "Quốc"]
GIVEN = ["Hương", "Ộ", "Inh", "Pâng", "Chính", "Dũng", "Hạnh", "Sơn", "Thủy", "Lan", "Hùng", "Phượng", "Páo", "Dính",
         "Chư", "Tuấn", "Nga", "Bình", "Yến", "Thương"]
# fmt: on


def names(rng: np.random.Generator, size: int) -> list[str]:
    """`size` full names."""
    parts = [rng.integers(0, len(words), size).tolist() for words in (FAMILIES, MIDDLES, GIVEN)]
    return [f"{FAMILIES[a]} {MIDDLES[b]} {GIVEN[c]}" for a, b, c in zip(*parts, strict=True)]


def phones(rng: np.random.Generator, size: int) -> list[str]:
    """`size` telephone numbers that can't exist."""
    return [f"0000 {n:06d}" for n in rng.integers(0, 1_000_000, size).tolist()]
