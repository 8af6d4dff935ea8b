"""Pictures of labels: as a photo, and as what a camera sees."""

from pathlib import Path

import segno


def photo_of(text: str, file: Path) -> Path:
    """Write a photo of a label with a QR code."""
    segno.make(text, error="m").save(str(file), scale=8, border=4)
    return file


def film_of(text: str, file: Path, size: int = 480, frames: int = 10) -> Path:
    """Write a film (YUV4MPEG2, grey) in which a label with a QR code stands still; Chromium takes it for its camera."""
    matrix = [list(row) for row in segno.make(text, error="m").matrix_iter(scale=8, border=4)]
    top = (size - len(matrix)) // 2
    left = (size - len(matrix[0])) // 2
    light = bytearray(b"\xeb" * size * size)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                light[(top + y) * size + left + x] = 0x10
    colours = b"\x80" * (size * size // 2)
    with file.open("wb") as film:
        film.write(f"YUV4MPEG2 W{size} H{size} F10:1 Ip A1:1 C420jpeg\n".encode())
        for _ in range(frames):
            film.write(b"FRAME\n" + bytes(light) + colours)
    return file
