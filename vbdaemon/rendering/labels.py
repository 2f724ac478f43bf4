"""Vietnamese words for coded values, as sheets and pages show them."""

from vbdaemon.model import (
    Circulation,
    FileRole,
    Revocation,
    Severity,
    SignatureStatus,
    SignerRole,
    TimeSource,
    TransmissionForm,
    Urgency,
)

SIGNATURE_STATUS = {
    SignatureStatus.PASSED: "Hợp lệ",
    SignatureStatus.INDETERMINATE: "Chưa đủ căn cứ kết luận",
    SignatureStatus.FAILED: "Không hợp lệ",
}
SIGNER_ROLE = {
    SignerRole.ORGANISATION: "Cơ quan, tổ chức",
    SignerRole.PERSON: "Cá nhân",
    SignerRole.UNKNOWN: "Chưa xác định",
}
TIME_SOURCE = {
    TimeSource.TIMESTAMP: "theo dấu thời gian",
    TimeSource.CLAIMED: "do phần mềm ký ghi",
    TimeSource.NONE: "không có",
}
REVOCATION = {
    Revocation.GOOD: "chưa bị thu hồi",
    Revocation.REVOKED: "đã bị thu hồi",
    Revocation.UNKNOWN: "chưa kiểm tra được",
}
FILE_ROLE = {
    FileRole.MAIN: "Văn bản chính",
    FileRole.ANNEX: "Phụ lục, tài liệu kèm theo",
    FileRole.EDITABLE: "Tệp soạn thảo",
    FileRole.DRAFT: "Dự thảo",
    FileRole.BODY: "Nội dung thư",
    FileRole.SHEET: "Phiếu kiểm tra của nơi gửi",
    FileRole.OTHER: "Tệp khác",
}
SEVERITY = {
    Severity.ERROR: "Chưa đạt",
    Severity.WARNING: "Lưu ý",
    Severity.NOTE: "Ghi nhận",
}
URGENCY = {
    Urgency.KHAN: "Khẩn",
    Urgency.THUONG_KHAN: "Thượng khẩn",
    Urgency.HOA_TOC: "Hỏa tốc",
}
CIRCULATION = {
    Circulation.INTERNAL: "Lưu hành nội bộ",
    Circulation.RETURN: "Xem xong trả lại",
}
TRANSMISSION = {
    TransmissionForm.ELECTRONIC: "Điện tử",
    TransmissionForm.ELECTRONIC_AND_PAPER: "Điện tử và giấy",
    TransmissionForm.PAPER: "Chỉ bản giấy",
    TransmissionForm.UNLISTED: "Không có trong danh mục",
    TransmissionForm.UNCLEAR: "Chưa xác định",
}
