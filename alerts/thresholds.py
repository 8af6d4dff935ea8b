"""The numbers that an operator may tune, each with its range and the reason for its default."""

from typing import Final

from alerts.rule import Threshold
from inventory.text import Text

LINK_LOSS: Final = Threshold(
    name="link_loss_ratio",
    unit="ratio",
    default=0.05,
    low=0.005,
    high=0.5,
    text=Text(
        vi="Tỷ lệ gói tin mất trong 5 phút mà từ đó đường truyền bị coi là chập chờn.",
        en="Share of packets lost within 5 minutes from which a line counts as lossy.",
    ),
    source=Text(
        vi="Mất trên 5 % thì họp trực tuyến bắt đầu vỡ hình, đứt tiếng; điều chỉnh theo cam kết của nhà mạng.",
        en="Above 5 % a video conference breaks up; adjust to what the carrier promised.",
    ),
)

OPTICAL_DRIFT: Final = Threshold(
    name="optical_drift_db",
    unit="dB",
    default=3,
    low=0.5,
    high=10,
    text=Text(
        vi="Mức suy giảm công suất quang nhận được so với mức đã nghiệm thu.",
        en="How far the received optical power may fall below what was accepted.",
    ),
    source=Text(
        vi="3 dB là mất một nửa ánh sáng: thường do đầu nối bẩn, sợi gập hoặc mối hàn hỏng dần.",
        en="3 dB is half the light gone: usually a dirty connector, a bent fibre or a failing splice.",
    ),
)

REBOOT_NEWS: Final = Threshold(
    name="reboot_news_s",
    unit="s",
    default=600,
    low=60,
    high=3600,
    text=Text(
        vi="Sau khi thiết bị khởi động lại, thông báo được giữ trong bao lâu.",
        en="For how long after a restart it stays in the news.",
    ),
    source=Text(
        vi="Đủ lâu để người trực nhìn thấy; sau đó tự hết vì thiết bị đã chạy ổn.",
        en="Long enough to be seen; after that the device has been running well and the news ends by itself.",
    ),
)

COLLECTOR_SILENCE: Final = Threshold(
    name="collector_silence_s",
    unit="s",
    default=60,
    low=30,
    high=3600,
    text=Text(
        vi="Bộ thu thập không báo về máy chủ trong bao lâu thì coi là đã dừng.",
        en="After how long without a word to the server a collector counts as stopped.",
    ),
    source=Text(
        vi="Bộ thu thập báo về mỗi 10 giây; 60 giây là lỡ sáu lần liên tiếp.",
        en="A collector reports every 10 seconds; 60 seconds are six reports missed in a row.",
    ),
)

CERTIFICATE_NOTICE: Final = Threshold(
    name="certificate_notice_d",
    unit="d",
    default=21,
    low=1,
    high=90,
    text=Text(
        vi="Báo trước bao nhiêu ngày khi chứng thư số của một dịch vụ sắp hết hạn.",
        en="How many days before its end the certificate of a service is told of.",
    ),
    source=Text(
        vi="Đủ thời gian làm văn bản và chờ đơn vị cấp; chứng thư tự gia hạn thường được đổi trước 30 ngày.",
        en="Time for the paperwork and the issuer; certificates that renew themselves do so 30 days before their end.",
    ),
)

CLOCK_OFFSET: Final = Threshold(
    name="clock_offset_s",
    unit="s",
    default=5,
    low=0.1,
    high=300,
    text=Text(
        vi="Độ lệch giữa đồng hồ máy chủ thời gian và máy thu thập mà từ đó phải xem lại.",
        en="Difference between a time server's clock and the collector's from which somebody should look.",
    ),
    source=Text(
        vi="Lệch 5 phút thì đăng nhập và chữ ký số có thể bị từ chối; lệch 5 giây thì còn kịp sửa.",
        en="At 5 minutes sign-ins and signatures may be refused; at 5 seconds nobody has noticed yet.",
    ),
)

THRESHOLDS: Final = (CERTIFICATE_NOTICE, CLOCK_OFFSET, LINK_LOSS, OPTICAL_DRIFT, REBOOT_NEWS, COLLECTOR_SILENCE)
"""Every threshold."""
