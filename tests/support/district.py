"""A small district in the books, for the pages: one centre, eight units, lines, devices, services and incidents."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from inventory.access.accounts import Account, Role
from inventory.assets.assets import Asset, AssetStatus
from inventory.audit.stocktake import ExpectedLine, Stocktake, StocktakeSite, StocktakeState
from inventory.books import Books
from inventory.db import writing
from inventory.network.devices import Device
from inventory.network.findings import Finding
from inventory.network.holdings import Holding
from inventory.network.links import Link
from inventory.network.observations import Observation
from inventory.network.services import Service
from inventory.network.subnets import Subnet
from inventory.places.providers import Provider
from inventory.places.sites import Site
from inventory.text import Text
from inventory.watch.incidents import Incident, IncidentEvent
from tests.support.accounts import stored

PASSWORD = "con duong cap quang 2018"

_Place = tuple[int, tuple[str, str, str, str, float, float]]

UNITS = (
    ("viet-quang", "01153", "Thị trấn Việt Quang", "town", 22.41777, 104.81044),
    ("vinh-tuy", "01156", "Thị trấn Vĩnh Tuy", "town", 22.26156, 104.89509),
    ("tan-lap", "01159", "Xã Tân Lập", "commune", 22.52138, 104.82211),
    ("tan-quang", "01171", "Xã Tân Quang", "commune", 22.49055, 104.87384),
    ("hung-an", "01201", "Xã Hùng An", "commune", 22.34998, 104.85130),
    ("dong-yen", "01216", "Xã Đồng Yên", "commune", 22.18724, 104.78710),
    ("lien-hiep", "01192", "Xã Liên Hiệp", "commune", 22.37478, 105.02068),
    ("bang-hanh", "01186", "Xã Bằng Hành", "commune", 22.44675, 104.99730),
)


@dataclass(frozen=True)
class District:
    """Where the tests find what was booked."""

    cut: int
    weak: int
    past: int


def book_district(books: Books, *, now: datetime | None = None, calm: bool = False) -> District:
    """Write the district; `calm` leaves out what is wrong.

    Returns:
        Numbers of the incidents: a cut line, weak light, one that is over; 0 where left out.
    """
    moment = now or datetime.now(UTC)
    with writing(books.engine) as session:
        centre = _centre(session)
        carrier = Provider(
            slug="vnpt",
            name="VNPT Hà Giang",
            hotline="0219 800 126",
            support_hours="24/7",
            contract="HD-2018/07",
            channel="Zalo: VNPT Báo hỏng Hà Giang",
        )
        session.add(carrier)
        session.flush()
        core = Device(
            name="core",
            title="Bộ định tuyến trung tâm",
            site_id=centre.id or 0,
            category="router",
            role="core",
            address="10.20.0.1",
            is_root=True,
        )
        session.add(core)
        session.flush()
        units = [_unit(session, centre, core, carrier, place) for place in enumerate(UNITS, 1)]
        _asset(session, core, moment)
        _stocktake(session, [centre, *units], moment)
        _discovery(session, units[1], moment)
        for row in _accounts(units):
            session.add(row)
        return District(0, 0, 0) if calm else _trouble(session, units, moment)


def _centre(session: Session) -> Site:
    centre = Site(
        slug="huyen-bac-quang",
        code="034",
        name="Huyện Bắc Quang",
        kind="district",
        lat=22.41917,
        lon=104.82444,
        contact_name="Nguyễn Văn Minh",
        contact_title="Cán bộ công nghệ thông tin",
        contact_phone="0219 3821 100",
        address="Tổ 6, thị trấn Việt Quang",
        headcount=140,
        fictional=True,
    )
    session.add(centre)
    session.flush()
    return centre


def _unit(
    session: Session,
    centre: Site,
    core: Device,
    carrier: Provider,
    place: _Place,
) -> Site:
    number, (slug, code, name, kind, lat, lon) = place
    site = Site(
        slug=slug,
        code=code,
        name=name,
        kind=kind,
        parent_id=centre.id,
        lat=lat,
        lon=lon,
        headcount=20 + number,
        contact_name="Hoàng Thị Lan" if number % 2 else "Lý Văn Páo",
        contact_title="Văn phòng UBND",
        contact_phone=f"0219 3821 {200 + number}",
        fictional=True,
    )
    session.add(site)
    session.flush()
    router = Device(
        name=f"{slug}-rt",
        title=f"Bộ định tuyến {name}",
        site_id=site.id or 0,
        category="router",
        role="access",
        address=f"10.20.{number}.1",
        fictional=True,
    )
    session.add(router)
    session.flush()
    session.add(
        Link(
            name=f"bq-{slug}",
            title=f"Cáp quang trung tâm – {name.removeprefix('Thị trấn ').removeprefix('Xã ')}",
            a_device_id=core.id or 0,
            a_interface=f"sfp{number}",
            b_device_id=router.id or 0,
            b_interface="sfp1",
            provider_id=carrier.id,
            circuit=f"VNPT-HGG-{1000 + number}",
            bandwidth_bps=100_000_000,
            monthly_cost_vnd=1_650_000,
            sla_target=0.995,
            length_m=8_000 + 900 * number,
            a_baseline_rx_dbm=-14.2,
            b_baseline_rx_dbm=-15.1,
            a_baseline_at=datetime(2018, 3, 5, 2, tzinfo=UTC),
            b_baseline_at=datetime(2018, 3, 5, 2, tzinfo=UTC),
            fictional=True,
        )
    )
    session.add(
        Service(
            name=f"web-{slug}",
            title=f"Trang thông tin {name}",
            kind="website",
            site_id=site.id or 0,
            url=f"http://{slug}.example.vn/",
            owner="Văn phòng UBND",
            fictional=True,
        )
    )
    return site


def _asset(session: Session, core: Device, moment: datetime) -> None:
    asset = Asset(
        tag="BQ-0001",
        serial="HC908XZK3QF",
        name="MikroTik CCR2004",
        category="router",
        site_id=core.site_id,
        status=AssetStatus.IN_USE.value,
        cost_vnd=18_500_000,
        fictional=True,
    )
    session.add(asset)
    session.flush()
    session.add(Holding(device_id=core.id or 0, asset_id=asset.id or 0, held_from=moment - timedelta(days=400)))
    for fact, value in (("serial", "HC908XZK3QF"), ("model", "CCR2004-16G-2S+"), ("firmware", "7.15.2")):
        session.add(
            Observation(
                source="snmp_system",
                instance="core",
                site="huyen-bac-quang",
                fact=fact,
                subject="chassis",
                value=value,
                first_seen=moment - timedelta(days=30),
                last_seen=moment - timedelta(minutes=1),
            )
        )


def _stocktake(session: Session, sites: list[Site], moment: datetime) -> None:
    asset = session.exec(select(Asset)).one()
    numbers = [site.id or 0 for site in sites]
    campaign = Stocktake(
        title="Kiểm kê tháng 12",
        year=moment.year,
        due=moment.date(),
        site_ids=numbers,
        committee=[{"name": "Hoàng Thị Lan", "title": "Phó chủ tịch", "role": "head"}],
        state=StocktakeState.COUNTING.value,
        started_at=moment,
    )
    session.add(campaign)
    session.flush()
    session.add_all(StocktakeSite(stocktake_id=campaign.id or 0, site_id=number) for number in numbers)
    session.add(
        ExpectedLine(
            stocktake_id=campaign.id or 0,
            number=1,
            asset_id=asset.id or 0,
            tag=asset.tag,
            serial=asset.serial or "",
            name=asset.name,
            category=asset.category,
            site_id=asset.site_id,
            site=sites[0].slug,
            site_name=sites[0].name,
            status=asset.status,
            cost_vnd=asset.cost_vnd,
            residual_vnd=asset.cost_vnd,
        )
    )
    session.flush()


def _discovery(session: Session, unit: Site, moment: datetime) -> None:
    """Have a subnet scanned, in which a machine was found that nobody knows, and one that was carried elsewhere."""
    session.add(
        Subnet(name=f"{unit.slug}-lan", title="Mạng văn phòng", site_id=unit.id or 0, cidr="10.20.2.0/24", scan=True)
    )
    first, last = moment - timedelta(days=3), moment - timedelta(minutes=20)
    session.add(
        Finding(
            site_id=unit.id or 0,
            mac="00:0c:42:1a:2b:3c",
            address="10.20.2.77",
            title="cam-cong-truoc",
            vendor="Hikvision",
            source="snmp_arp",
            switch=f"{unit.slug}-rt",
            port="ether5",
            placed_at=last,
            first_seen=first,
            last_seen=last,
        )
    )
    session.flush()
    session.add(
        Finding(
            site_id=unit.id or 0,
            mac="da:a1:19:00:00:07",
            address="10.20.2.91",
            source="snmp_fdb",
            switch=f"{unit.slug}-rt",
            port="ether3",
            placed_at=last,
            before_switch=f"{unit.slug}-rt",
            before_port="ether7",
            before_site_id=unit.id,
            moved_at=last,
            first_seen=first,
            last_seen=last,
        )
    )


def _accounts(units: list[Site]) -> list[Account]:
    hashed = stored(PASSWORD)
    people = (
        ("quantri", "Nguyễn Văn Minh", Role.ADMINISTRATOR, None),
        ("kythuat", "Trần Thị Hoa", Role.IT_STAFF, None),
        ("kiemtra", "Lê Văn Tám", Role.AUDITOR, None),
        ("canboxa", "Hoàng Thị Lan", Role.COMMUNE_STAFF, units[1].id),
    )
    return [
        Account(
            username=username,
            name=name,
            role=role.value,
            site_id=site_id,
            password_hash=hashed,
            must_change_password=False,
        )
        for username, name, role, site_id in people
    ]


def _trouble(session: Session, units: list[Site], moment: datetime) -> District:
    cut = _incident(
        session,
        "LinkDown",
        "link:bq-vinh-tuy",
        units[1],
        severity="critical",
        opened=moment - timedelta(minutes=12),
        said=Text(
            vi="Đường truyền bq-vinh-tuy bị đứt: đầu cáp báo không có tín hiệu.",
            en="Link bq-vinh-tuy is down: its end reports no signal.",
        ),
        hidden=1,
    )
    weak = _incident(
        session,
        "OpticalPowerLow",
        "link:bq-tan-lap",
        units[2],
        severity="warning",
        opened=moment - timedelta(hours=5),
        said=Text(
            vi="Công suất quang của bq-tan-lap ở đầu tan-lap-rt còn −24,6 dBm, giới hạn −23,0 dBm.",
            en="Optical power of bq-tan-lap at tan-lap-rt is −24.6 dBm, the limit is −23.0 dBm.",
        ),
    )
    past = _incident(
        session,
        "SiteDark",
        "site:lien-hiep",
        units[6],
        severity="critical",
        opened=moment - timedelta(days=1, hours=3),
        said=Text(
            vi="Điểm lien-hiep mất liên lạc hoàn toàn: không thiết bị nào trả lời.",
            en="Site lien-hiep is dark: none of its devices answers.",
        ),
        ended=moment - timedelta(days=1, hours=1),
    )
    return District(cut, weak, past)


def _incident(
    session: Session,
    rule: str,
    element: str,
    site: Site,
    *,
    severity: str,
    opened: datetime,
    said: Text,
    hidden: int = 0,
    ended: datetime | None = None,
) -> int:
    incident = Incident(
        rule=rule,
        element=element,
        site_id=site.id,
        severity=severity,
        opened_at=opened,
        last_fired_at=opened,
        summary_vi=said.vi,
        summary_en=said.en,
        hidden_count=hidden,
        state="resolved" if ended else "open",
        resolved_at=ended,
    )
    session.add(incident)
    session.flush()
    session.add(
        IncidentEvent(
            incident_id=incident.id or 0, at=opened, kind="opened", actor="system", text_vi=said.vi, text_en=said.en
        )
    )
    if ended:
        session.add(
            IncidentEvent(
                incident_id=incident.id or 0,
                at=ended,
                kind="resolved",
                actor="system",
                text_vi=f"{site.name} đã liên lạc lại.",
                text_en=f"{site.name} answers again.",
            )
        )
    return incident.id or 0
