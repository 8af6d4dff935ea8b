"""Problems that printers report, in words."""

from typing import Final

from inventory.text import Text

PROBLEMS: Final = {
    "paper_low": Text(vi="sắp hết giấy", en="paper low"),
    "paper_out": Text(vi="hết giấy", en="out of paper"),
    "toner_low": Text(vi="sắp hết mực", en="toner low"),
    "toner_out": Text(vi="hết mực", en="out of toner"),
    "door_open": Text(vi="nắp đang mở", en="a door is open"),
    "jammed": Text(vi="kẹt giấy", en="paper jam"),
    "offline": Text(vi="đang ngắt kết nối", en="offline"),
    "service": Text(vi="cần bảo dưỡng", en="needs service"),
    "tray_missing": Text(vi="thiếu khay giấy vào", en="an input tray is missing"),
    "output_missing": Text(vi="thiếu khay giấy ra", en="an output tray is missing"),
    "supply_missing": Text(vi="chưa lắp hộp mực", en="a cartridge is missing"),
    "output_nearly_full": Text(vi="khay giấy ra sắp đầy", en="output tray nearly full"),
    "output_full": Text(vi="khay giấy ra đã đầy", en="output tray full"),
    "tray_empty": Text(vi="khay giấy trống", en="an input tray is empty"),
    "overdue": Text(vi="quá hạn bảo dưỡng", en="maintenance is overdue"),
}
"""By the label `problem` of `quang_printer_problem`."""
