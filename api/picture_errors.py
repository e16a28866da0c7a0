"""What the edge refuses of pictures: too large, too many, too often."""

from __future__ import annotations

from api.errors import ApiError


class PictureTooLarge(ApiError):
    """The picture is larger than a picture may be."""

    code = "picture_too_large"
    status = 413


class VideoTooLarge(ApiError):
    """The video is larger than a video may be; a shorter one will do."""

    code = "video_too_large"
    status = 413


class TooManyPictures(ApiError):
    """The message has more pictures than a message may have."""

    code = "too_many_pictures"
    status = 422


class PicturesTooOften(ApiError):
    """Too many pictures were sent within an hour."""

    code = "pictures_too_often"
    status = 429
