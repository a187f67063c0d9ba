"""What the demonstration holds true: the published totals (SL-152 §I.2) and, made up by us, how each body works."""

from dataclasses import dataclass
from datetime import date

SEED = 152
VERSION = 3  # raise it with every change of what the generator writes: old files are then replaced
FIRST_DAY = date(2011, 12, 15)
LAST_DAY = date(2014, 6, 30)
PUBLISHED_AS_OF = date(2013, 12, 31)

# SL-152 §I.2: 7.209 civil servants, 30.027 public employees, one-stop at 17, 11 and 198 bodies, 8 portals among 30.
CIVIL_SERVANTS = {"province": 1525, "district": 1139, "commune": 4545}
PUBLIC_EMPLOYEES = {"province": 5759, "district": 24268}
ONE_STOP_BODIES = {"department": 17, "district": 11, "commune": 198}
AUTONOMOUS = {  # 285 agencies and 389 units under autonomy, by level; a level's bodies are shared out among 18 and 12 by us
    ("agency", "province"): 42,
    ("agency", "district"): 243,
    ("public_unit", "province"): 119,
    ("public_unit", "district"): 270,
}
ISO_BODIES = 31  # certified; that 34 have to be, and which ones, is ours
ISO_WITHOUT = {"H52.18", "H52.31", "H52.32"}
ISO_COMMUNES = {"H52.21.01", "H52.21.02", "H52.21.03", "H52.21.04"}
CLASSES_2013, LEARNERS_2013 = 64, 4559  # published without their year and subjects: 2013 and the reform are ours
PORTAL_SINCE = {
    "so-khoa-hoc-cong-nghe": date(2008, 5, 19),
    "so-giao-duc-dao-tao": date(2009, 9, 1),
    "so-y-te": date(2010, 2, 27),
    "so-giao-thong-van-tai": date(2010, 8, 28),
    "so-noi-vu": date(2011, 3, 15),
    "so-thong-tin-truyen-thong": date(2007, 10, 10),
    "huyen-thuan-chau": date(2011, 10, 2),
    "huyen-moc-chau": date(2012, 4, 30),
    "thanh-pho-son-la": date(2014, 3, 26),  # ours: the ninth, after the published date
}

# Which bodies have no one-stop shop at the published date is ours; so are the days on which it came to some of them.
ONE_STOP_LATER: dict[str, date | None] = {
    "H52.18": None,
    "H52.32": date(2014, 4, 1),
    "H52.25.04": None,
    "H52.25.05": None,
    "H52.31.03": None,
    "H52.31.07": date(2014, 5, 12),
    "H52.32.02": None,
    "H52.32.11": date(2014, 5, 12),
}
DESK_POSTS = {"department": 3, "district": 5, "commune": 2}  # assigned to a one-stop desk
NOBODY_AT_DESK = {"H52.24.05", "H52.29.07"}  # planted for the ledger: a shop, and the register has nobody at its desk
NO_SHOP_BUT_DESK = {"H52.18"}  # planted: no shop, and the register has somebody at its desk
MODERN_ONE_STOP = {  # on the list of the modern one-stop shop: stage from a day on; none is live in 2013 (SL-152 §I.2)
    "H52.21": {
        date(2012, 11, 1): "scheme",
        date(2013, 5, 20): "appraised",
        date(2013, 11, 15): "approved",
        date(2014, 5, 19): "live",
    },
    "H52.23": {date(2013, 4, 10): "scheme", date(2013, 12, 2): "appraised"},
    "H52.27": {date(2013, 4, 10): "scheme"},
    "H52.29": {date(2013, 9, 9): "scheme"},
}


@dataclass(frozen=True)
class Profile:
    """How a sender works; shares lie between 0 and 1. `dossiers`: its own in 2013, `commune`: those of one commune."""

    dossiers: int
    on_time: float
    early: float = 0.55  # of those on time, the share before the due day
    online: float = 0.0
    apology: float = 0.8  # late or wrong dossiers that get a letter
    wrong_fee: float = 0.003
    stuck: float = 0.01  # late dossiers that are never finished
    no_due: float = 0.0
    plan: float = 0.95  # tasks of the plan that get finished
    satisfied: float = 0.82
    slow_file: float = 0.0  # months whose file comes some days late
    civil: int = 0  # weights for sharing out the published totals
    public: int = 0
    commune: int = 0


PROFILES = {
    "van-phong-ubnd-tinh": Profile(70, 0.985, civil=95, public=28, satisfied=0.88),
    "thanh-tra-tinh": Profile(80, 0.94, 0.4, civil=48, apology=0.7, plan=0.9, satisfied=0.78),
    "so-noi-vu": Profile(260, 0.992, 0.6, 0.03, 1.0, 0, civil=88, public=22, plan=1.0, satisfied=0.87),
    "so-tu-phap": Profile(1450, 0.975, 0.6, 0.05, 0.9, 0.002, civil=46, public=34, plan=1.0, satisfied=0.86),
    "so-ke-hoach-dau-tu": Profile(780, 0.968, 0.65, 0.12, 0.9, 0.001, civil=62, public=18, satisfied=0.84),
    "so-tai-chinh": Profile(150, 0.98, civil=70, public=12, satisfied=0.85),
    "so-cong-thuong": Profile(320, 0.962, online=0.04, civil=128, public=40, apology=0.75),
    "so-nong-nghiep-ptnt": Profile(420, 0.945, civil=420, public=310, plan=0.88),
    "so-giao-thong-van-tai": Profile(1650, 0.985, 0.6, 0.08, 0.95, 0.0, civil=82, public=65, satisfied=0.9),
    "so-xay-dung": Profile(210, 0.905, 0.4, apology=0.5, stuck=0.08, no_due=0.04, civil=52, public=48, plan=0.85, satisfied=0.74),
    "so-tai-nguyen-moi-truong": Profile(640, 0.862, 0.35, 0.01, 0.45, 0.02, 0.06, civil=78, public=120, plan=0.82, satisfied=0.69),
    "so-thong-tin-truyen-thong": Profile(90, 1.0, 0.8, 0.15, civil=36, public=22, plan=1.0, satisfied=0.93),
    "so-lao-dong-tbxh": Profile(520, 0.955, civil=62, public=260, apology=0.7),
    "so-van-hoa-the-thao-du-lich": Profile(170, 0.978, civil=58, public=230),
    "so-khoa-hoc-cong-nghe": Profile(80, 0.99, 0.6, 0.05, civil=46, public=50, plan=1.0, satisfied=0.9),
    "so-giao-duc-dao-tao": Profile(230, 0.996, 0.7, 0.02, 1.0, 0, civil=62, public=1980, satisfied=0.89),
    "so-y-te": Profile(380, 0.932, 0.45, 0.02, 0.6, 0.008, 0.03, 0.06, civil=68, public=2520, plan=0.9, satisfied=0.77),
    "ban-dan-toc": Profile(84, 0.93, 0.4, civil=24, plan=0.87, satisfied=0.8),
    "thanh-pho-son-la": Profile(1250, 0.915, 0.4, 0.03, 0.5, 0.012, 0.03, 0.0, 0.86, 0.73, civil=118, public=2600, commune=110),
    "huyen-quynh-nhai": Profile(400, 0.985, civil=86, public=1500, commune=40),
    "huyen-thuan-chau": Profile(850, 0.972, 0.55, 0.01, 0.9, 0.004, plan=1.0, civil=112, public=3300, commune=42, satisfied=0.85),
    "huyen-muong-la": Profile(600, 0.955, civil=96, public=2150, commune=38, slow_file=0.08),
    "huyen-bac-yen": Profile(380, 0.94, apology=0.6, civil=84, public=1450, commune=30, plan=0.9, slow_file=0.12),
    "huyen-phu-yen": Profile(700, 0.983, civil=100, public=2500, commune=36),
    "huyen-moc-chau": Profile(800, 0.966, online=0.01, civil=104, public=2350, commune=58, satisfied=0.84),
    "huyen-yen-chau": Profile(500, 0.99, 0.65, apology=1.0, civil=88, public=1700, commune=40, plan=1.0),
    "huyen-mai-son": Profile(900, 0.95, 0.5, 0.01, 0.7, 0.01, civil=110, public=3000, commune=52, satisfied=0.79),
    "huyen-song-ma": Profile(700, 0.927, 0.4, 0, 0.55, 0.01, 0.03, 0.03, 0.88, 0.75, 0.15, civil=102, public=2750, commune=42),
    "huyen-sop-cop": Profile(280, 0.873, 0.35, 0, 0.4, 0.015, 0.05, 0.0, 0.8, 0.7, 0.2, civil=74, public=1000, commune=32),
    "huyen-van-ho": Profile(350, 0.9, 0.4, apology=0.5, plan=0.84, satisfied=0.76, civil=65, public=1200, commune=34),
}
