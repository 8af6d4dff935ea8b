"""Words of the trade, explained for people without training in it."""

from dataclasses import dataclass
from typing import Final

from inventory.text import Text, same


@dataclass(frozen=True, slots=True)
class Term:
    """One word.

    Attributes:
        slug: Its anchor on the page.
        word: As the pages use it.
        meaning: In one or two plain sentences.
    """

    slug: str
    word: Text
    meaning: Text


TERMS: Final = (
    Term(
        "link",
        Text(vi="Đường truyền", en="Link"),
        Text(
            vi="Sợi cáp (thường là cáp quang của nhà mạng) nối hai thiết bị ở hai nơi.",
            en="A line, most often a carrier's fibre, that joins two devices in two places.",
        ),
    ),
    Term(
        "circuit",
        Text(vi="Mã kênh", en="Circuit id"),
        Text(
            vi="Số mà nhà mạng đặt cho đường truyền. Khi báo hỏng, đọc số này là họ tìm ra đúng tuyến.",
            en="The number by which the carrier knows the line. Read it out when you report a fault.",
        ),
    ),
    Term(
        "optical-power",
        Text(vi="Công suất quang (dBm)", en="Optical power (dBm)"),
        Text(
            vi="Độ mạnh của ánh sáng đến được đầu cáp. Số càng âm càng yếu: −15 dBm là tốt, −27 dBm là rất yếu."
            " Giảm 3 dB là mất một nửa ánh sáng.",
            en="How strong the light is that arrives. The more negative, the weaker: −15 dBm is good, −27 dBm is"
            " very weak. A loss of 3 dB is half the light.",
        ),
    ),
    Term(
        "baseline",
        Text(vi="Mức nghiệm thu", en="Accepted level"),
        Text(
            vi="Công suất quang đo được khi tuyến cáp đang tốt, do người phụ trách chấp nhận. Mọi"
            " suy giảm được so với mức này.",
            en="The optical power when the line was good, accepted by a person. Every decline is measured against it.",
        ),
    ),
    Term(
        "ping",
        same("Ping"),
        Text(
            vi="Gửi một gói nhỏ và chờ trả lời, để biết thiết bị có liên lạc được không và mất bao lâu.",
            en="Sending a small packet and waiting for its answer, to know whether a device is there and how far away.",
        ),
    ),
    Term(
        "loss",
        Text(vi="Mất gói", en="Packet loss"),
        Text(
            vi="Phần gói tin đi mà không có trả lời. Từ 5 % trở lên thì họp trực tuyến bắt đầu vỡ hình.",
            en="The share of packets without an answer. From 5 % on video conferences break up.",
        ),
    ),
    Term(
        "delay",
        Text(vi="Độ trễ, biến động trễ", en="Delay and jitter"),
        Text(
            vi="Thời gian một gói đi và về, và mức thời gian ấy thay đổi. Biến động lớn làm tiếng nói bị đứt quãng.",
            en="The time a packet takes there and back, and how much it changes. Much change breaks up speech.",
        ),
    ),
    Term(
        "snmp",
        same("SNMP"),
        Text(
            vi="Cách hỏi thiết bị mạng về tình trạng của nó. Thiết bị chỉ trả lời người biết chuỗi"
            " community hoặc mật khẩu.",
            en="The way to ask a network device how it is. It answers only those who know its community or password.",
        ),
    ),
    Term(
        "community",
        Text(vi="Chuỗi community", en="Community"),
        Text(
            vi="Như một mật khẩu để đọc thông tin SNMP. Không dùng chữ “public”.",
            en="Like a password for reading by SNMP. Do not use “public”.",
        ),
    ),
    Term(
        "ont",
        Text(vi="Modem quang (ONT)", en="Optical terminal (ONT)"),
        Text(
            vi="Hộp của nhà mạng biến ánh sáng trong cáp thành mạng dây. Đèn LOS hay PON đỏ nghĩa là mất ánh sáng.",
            en="The carrier's box that turns light into network. A red LOS or PON lamp means that there is no light.",
        ),
    ),
    Term(
        "behind",
        Text(vi="Bị ảnh hưởng", en="Cut off"),
        Text(
            vi="Không liên lạc được vì một chỗ gần trung tâm hơn đang hỏng. Sửa chỗ đó là tự hết.",
            en="Not reachable because something nearer to the centre is down. It comes back by"
            " itself once that is mended.",
        ),
    ),
    Term(
        "acknowledge",
        Text(vi="Nhận xử lý", en="Taking care"),
        Text(
            vi="Báo cho mọi người biết bạn đang lo việc này, để không hai người cùng gọi.",
            en="Telling the others that you are on it, so that two people do not make the same call.",
        ),
    ),
    Term(
        "collector",
        Text(vi="Bộ thu thập", en="Collector"),
        Text(
            vi="Phần của hệ thống này đi hỏi từng thiết bị, mỗi giây một lần.",
            en="The part of this system that asks every device, once a second.",
        ),
    ),
    Term(
        "prometheus",
        same("Prometheus"),
        Text(
            vi="Phần lưu các số đo và tính xem có gì bất thường. Khi nó dừng, trang chủ nói rõ là chưa biết.",
            en="The part that keeps the measurements and works out what is wrong. When it stops, the"
            " home page says so.",
        ),
    ),
    Term(
        "wear",
        Text(vi="Hao mòn", en="Wear"),
        Text(
            vi="Phần giá trị mất đi mỗi năm khi sử dụng, tính theo tỷ lệ của thông tư, mỗi năm một lần vào tháng 12.",
            en="What a thing loses in value each year of use, by the circular’s rate; computed each December.",
        ),
    ),
    Term(
        "residual",
        Text(vi="Giá trị còn lại", en="Residual value"),
        Text(
            vi="Nguyên giá trừ hao mòn lũy kế: phần giá trị chưa tính hết trên sổ.",
            en="Original cost less accumulated wear: what the books have not written off yet.",
        ),
    ),
    Term(
        "closing",
        Text(vi="Khóa sổ năm", en="Closing a year"),
        Text(
            vi="Ghi hao mòn của năm cho mọi tài sản rồi khóa lại; sau đó không ai sửa được số liệu của năm ấy.",
            en="Writing the wear of a year for every asset and locking it; nobody changes its figures afterwards.",
        ),
    ),
)
"""Every word of the glossary, in the order of the page."""
