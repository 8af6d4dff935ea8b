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

LATENESS: Final = Threshold(
    name="lateness_s",
    unit="s",
    default=5,
    low=0.5,
    high=60,
    text=Text(
        vi="Phép đo bắt đầu trễ bao lâu (99 % các lần) thì bộ thu thập bị coi là không kịp.",
        en="How late measurements may begin (99 % of them) before a collector counts as behind.",
    ),
    source=Text(
        vi="Bình thường dưới 0,1 giây; trễ 5 giây thì sự cố được báo chậm rõ rệt.",
        en="Usually below 0.1 s; with 5 s faults are told noticeably late.",
    ),
)

ROSTER_AGE: Final = Threshold(
    name="roster_age_s",
    unit="s",
    default=600,
    low=60,
    high=86400,
    text=Text(
        vi="Bộ thu thập không xác nhận được danh sách với máy chủ trong bao lâu thì báo.",
        en="For how long a collector may go without the server's word that its list is the right one.",
    ),
    source=Text(
        vi="Danh sách được hỏi lại mỗi 5 giây; 10 phút là quá mọi lần khởi động lại.",
        en="It is asked for every 5 seconds; 10 minutes are longer than any restart.",
    ),
)

TRAP_FLOOD: Final = Threshold(
    name="traps_dropped_per_s",
    unit="1/s",
    default=10,
    low=1,
    high=10000,
    text=Text(
        vi="Số trap bị bỏ mỗi giây, trung bình 5 phút, mà từ đó bị coi là quá nhiều.",
        en="Traps dropped each second, over 5 minutes, from which they count as a flood.",
    ),
    source=Text(
        vi="Một thiết bị bình thường gửi vài trap mỗi giờ.",
        en="A healthy device sends a few an hour.",
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

HEAT: Final = Threshold(
    name="heat_celsius",
    unit="°C",
    default=80,
    low=30,
    high=120,
    text=Text(
        vi="Nhiệt độ mà từ đó báo tin về một thiết bị không tự nêu giới hạn của mình (chỉ là tin, không báo động).",
        en="Temperature from which a device that states no limit of its own is in the news; never an alarm.",
    ),
    source=Text(
        vi="Bộ xử lý của thiết bị mạng thường chạy 50–70 °C; trên 80 °C là quạt hỏng hoặc tủ bí gió.",
        en="Processors of network devices usually run at 50 to 70 °C; above 80 °C a fan or the cabinet's air fails.",
    ),
)

BATTERY_LEFT: Final = Threshold(
    name="battery_left_s",
    unit="s",
    default=600,
    low=60,
    high=7200,
    text=Text(
        vi="Khi đang chạy ắc quy: thời gian còn lại mà từ đó phải tắt máy chủ.",
        en="On battery: the time left from which servers have to be shut down.",
    ),
    source=Text(
        vi="Tắt máy chủ cho an toàn mất khoảng 5 phút; thời gian UPS báo thường lạc quan.",
        en="A clean shutdown takes about 5 minutes, and what a UPS says is usually hopeful.",
    ),
)

BATTERY_CHARGE: Final = Threshold(
    name="battery_charge_ratio",
    unit="ratio",
    default=0.3,
    low=0.05,
    high=0.9,
    text=Text(
        vi="Khi đang chạy ắc quy: mức sạc còn lại mà từ đó phải tắt máy chủ.",
        en="On battery: the charge left from which servers have to be shut down.",
    ),
    source=Text(
        vi="Ắc quy cũ tụt rất nhanh từ khoảng 30 %.",
        en="Old batteries fall fast from about 30 % on.",
    ),
)

DISK_FULL: Final = Threshold(
    name="disk_full_ratio",
    unit="ratio",
    default=0.95,
    low=0.5,
    high=0.995,
    text=Text(
        vi="Tỷ lệ đã dùng mà từ đó ổ đĩa bị coi là đầy.",
        en="Used share from which a disk counts as full.",
    ),
    source=Text(
        vi="Từ 95 % nhiều phần mềm bắt đầu chậm hoặc dừng; ổ lớn có thể đặt cao hơn.",
        en="From 95 % on many programs get slow or stop; large disks may have a higher value.",
    ),
)

DISK_HORIZON: Final = Threshold(
    name="disk_horizon_s",
    unit="s",
    default=259200,
    low=3600,
    high=2592000,
    text=Text(
        vi="Báo trước bao lâu khi ổ đĩa sắp đầy theo đà của 6 giờ qua.",
        en="How long before a disk is full, as the last 6 hours go, it is told of.",
    ),
    source=Text(
        vi="Ba ngày đủ qua một kỳ nghỉ cuối tuần để dọn hoặc mua thêm.",
        en="Three days bridge a weekend, to clear up or to buy.",
    ),
)

MEMORY_FULL: Final = Threshold(
    name="memory_full_ratio",
    unit="ratio",
    default=0.95,
    low=0.5,
    high=0.995,
    text=Text(
        vi="Tỷ lệ bộ nhớ do chương trình chiếm (không kể bộ đệm) mà từ đó máy bị coi là hết bộ nhớ.",
        en="Share of memory that programs hold (without caches) from which a host counts as out of memory.",
    ),
    source=Text(
        vi="Trên 95 % hệ điều hành bắt đầu tắt bớt chương trình.",
        en="Above 95 % the system begins to end programs.",
    ),
)

PROCESSOR_BUSY: Final = Threshold(
    name="processor_busy_ratio",
    unit="ratio",
    default=0.9,
    low=0.3,
    high=1,
    text=Text(
        vi="Mức tải trung bình 15 phút của bộ xử lý mà từ đó máy bị coi là quá tải.",
        en="Mean load of the processors over 15 minutes from which a host counts as overloaded.",
    ),
    source=Text(
        vi="Tải cao trong vài phút là bình thường; trên 90 % suốt 15 phút thì người dùng phải chờ.",
        en="Some minutes of high load are normal; above 90 % for 15 minutes people wait.",
    ),
)

LINK_FULL: Final = Threshold(
    name="link_full_ratio",
    unit="ratio",
    default=0.9,
    low=0.3,
    high=1,
    text=Text(
        vi="Tỷ lệ lưu lượng so với băng thông thuê (hoặc tốc độ cổng) mà từ đó đường truyền bị coi là nghẽn.",
        en="Traffic as a share of the contracted bandwidth (or the port's speed) from which a link counts as full.",
    ),
    source=Text(
        vi="Trên 90 % trong 15 phút thì trang web tải chậm và họp trực tuyến bị giật.",
        en="Above 90 % for 15 minutes pages load slowly and video conferences stutter.",
    ),
)

PORT_ERRORS: Final = Threshold(
    name="port_errors_count",
    unit="count",
    default=100,
    low=1,
    high=1000000,
    text=Text(
        vi="Số gói lỗi của một cổng trong 15 phút mà từ đó phải xem lại dây.",
        en="Packets with errors of one port within 15 minutes from which its cable should be looked at.",
    ),
    source=Text(
        vi="Cổng tốt không có gói lỗi nào; vài gói khi cắm rút dây là bình thường.",
        en="A good port has none at all; a few when a cable is plugged are normal.",
    ),
)

SUPPLY_USED: Final = Threshold(
    name="supply_used_ratio",
    unit="ratio",
    default=0.9,
    low=0.5,
    high=0.99,
    text=Text(
        vi="Tỷ lệ mực (hoặc vật tư khác) đã dùng của máy in mà từ đó phải chuẩn bị thay.",
        en="Used share of a printer's toner or other supply from which a new one should be at hand.",
    ),
    source=Text(
        vi="Còn 10 % thì hộp mực in được thêm khoảng 100–300 trang, đủ thời gian mua.",
        en="With 10 % left a cartridge prints some 100 to 300 pages more: time enough to buy one.",
    ),
)

CONFIG_NEWS: Final = Threshold(
    name="configuration_news_s",
    unit="s",
    default=3_600,
    low=600,
    high=86_400,
    text=Text(
        vi="Sau khi cấu hình thiết bị thay đổi, thông báo được giữ trong bao lâu.",
        en="For how long after a change of a device's configuration it stays in the news.",
    ),
    source=Text(
        vi="Đủ lâu để người trực nhìn thấy và hỏi ai đã sửa; bản lưu thì giữ mãi.",
        en="Long enough to be seen and to ask who did it; the copies are kept for good.",
    ),
)

CONFIG_AGE: Final = Threshold(
    name="configuration_age_s",
    unit="s",
    default=259_200,
    low=43_200,
    high=2_592_000,
    text=Text(
        vi="Cấu hình thiết bị không sao lưu được trong bao lâu thì báo.",
        en="After how long without a copy of a device's configuration it is told.",
    ),
    source=Text(
        vi="Cấu hình được đọc mỗi 6 giờ; 3 ngày là lỡ mười hai lần liên tiếp, kể cả qua cuối tuần mất điện.",
        en="It is read every 6 hours; 3 days are twelve failures in a row, a weekend without power included.",
    ),
)

THRESHOLDS: Final = (
    CERTIFICATE_NOTICE,
    CLOCK_OFFSET,
    LINK_LOSS,
    OPTICAL_DRIFT,
    REBOOT_NEWS,
    COLLECTOR_SILENCE,
    LATENESS,
    ROSTER_AGE,
    TRAP_FLOOD,
    HEAT,
    BATTERY_LEFT,
    BATTERY_CHARGE,
    DISK_FULL,
    DISK_HORIZON,
    MEMORY_FULL,
    PROCESSOR_BUSY,
    LINK_FULL,
    PORT_ERRORS,
    SUPPLY_USED,
    CONFIG_NEWS,
    CONFIG_AGE,
)
"""Every threshold."""
