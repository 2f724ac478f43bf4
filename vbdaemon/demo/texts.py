"""The words of the demo's documents; all invented."""

from vbdaemon.demo.papers import Paper, to_committee

_ARCHIVE = "Lưu: VT"
_TO_ALL = ("Như trên", _ARCHIVE)

REVIEW_LETTER = Paper(
    "cv-15-ra-soat-can-bo",
    "15",
    "{unit}-TCCC",
    "rà soát đội ngũ cán bộ, công chức cấp xã",
    (
        "Thực hiện chỉ đạo của Ủy ban nhân dân huyện về việc nâng cao chất lượng đội ngũ cán bộ, công chức cấp xã, "
        "Phòng Nội vụ đề nghị Ủy ban nhân dân các xã, thị trấn thực hiện một số nội dung sau:",
        "1. Rà soát số lượng, trình độ chuyên môn của cán bộ, công chức đang công tác; lập danh sách theo mẫu đã gửi "
        "trên phần mềm quản lý văn bản và điều hành.",
        "2. Đề xuất nhu cầu đào tạo, bồi dưỡng trong năm; nêu rõ nội dung và hình thức bồi dưỡng phù hợp với từng "
        "vị trí việc làm.",
        "Phòng Nội vụ đề nghị các đơn vị phối hợp thực hiện./.",
    ),
    addressees=("Ủy ban nhân dân xã Hạ Lam", "Ủy ban nhân dân thị trấn Bến Lam"),
    recipients=_TO_ALL,
    electronic_recipients=("Phòng Tài chính - Kế hoạch",),
)
HARVEST_REPORT = Paper(
    "bao-cao-42-san-xuat-vu-mua",
    "42",
    "BC-UBND",
    "Kết quả sản xuất nông nghiệp vụ mùa",
    (
        "Ủy ban nhân dân xã Hạ Lam báo cáo kết quả sản xuất nông nghiệp vụ mùa trên địa bàn xã như sau:",
        "1. Diện tích gieo cấy đạt 312 ha, bằng 102% kế hoạch; năng suất bình quân ước đạt 56 tạ/ha.",
        "2. Công tác phòng, chống sâu bệnh được triển khai kịp thời; không có diện tích mất trắng.",
        "3. Kiến nghị: Ủy ban nhân dân huyện quan tâm hỗ trợ kinh phí nạo vét kênh mương nội đồng./.",
    ),
    form_name="Báo cáo",
    addressees=to_committee(),
    recipients=_TO_ALL,
)
CONTEST_NOTICE = Paper(
    "thong-bao-27-hoi-thi",
    "27",
    "TB-{unit}",
    "Về việc tổ chức hội thi giáo viên dạy giỏi cấp huyện",
    (
        "Phòng Giáo dục và Đào tạo thông báo tổ chức hội thi giáo viên dạy giỏi cấp huyện như sau:",
        "1. Đối tượng: giáo viên các trường trên địa bàn huyện.",
        "2. Địa điểm: hội trường trung tâm thị trấn Bến Lam./.",
    ),
    form_name="Thông báo",
    recipients=("Phòng Nội vụ", "Ủy ban nhân dân xã Hạ Lam", _ARCHIVE),
)
HOLIDAY_NOTICE = Paper(
    "thong-bao-28-lich-nghi",
    "28",
    "TB-{unit}",
    "Về lịch nghỉ học kỳ của các trường trên địa bàn huyện",
    (
        "Phòng Giáo dục và Đào tạo thông báo lịch nghỉ học kỳ của các trường trên địa bàn huyện như sau:",
        "1. Các trường mầm non, tiểu học và trung học cơ sở nghỉ theo khung kế hoạch thời gian năm học.",
        "2. Hiệu trưởng các trường phân công trực và báo cáo khi có việc phát sinh./.",
    ),
    form_name="Thông báo",
    recipients=("Phòng Văn hóa và Thông tin", "Ủy ban nhân dân thị trấn Bến Lam", _ARCHIVE),
)
LIBRARY_PLAN = Paper(
    "ke-hoach-09-thu-vien",
    "09",
    "KH-{unit}",
    "Tổ chức ngày hội đọc sách tại thư viện huyện",
    (
        "Phòng Văn hóa và Thông tin xây dựng kế hoạch tổ chức ngày hội đọc sách như sau:",
        "1. Mục đích: khuyến khích phong trào đọc sách trong học sinh và Nhân dân.",
        "2. Kinh phí: sử dụng nguồn kinh phí hoạt động thường xuyên đã được giao./.",
    ),
    form_name="Kế hoạch",
    recipients=("Phòng Giáo dục và Đào tạo", _ARCHIVE),
)
SIGNBOARD_GUIDE = Paper(
    "huong-dan-03-bien-hieu",
    "03",
    "HD-{unit}",
    "Việc lắp đặt biển hiệu trên địa bàn huyện",
    (
        "Phòng Văn hóa và Thông tin hướng dẫn việc lắp đặt biển hiệu trên địa bàn huyện như sau:",
        "1. Biển hiệu phải ghi đúng tên, địa chỉ của tổ chức, cá nhân.",
        "2. Ủy ban nhân dân các xã, thị trấn phổ biến đến các hộ kinh doanh./.",
    ),
    form_name="Hướng dẫn",
    recipients=("Ủy ban nhân dân thị trấn Bến Lam", _ARCHIVE),
)
MARKET_LETTER = Paper(
    "cv-66-cho-ben-lam",
    "66",
    "UBND",
    "sắp xếp các hộ kinh doanh tại chợ Bến Lam",
    (
        "Ủy ban nhân dân thị trấn Bến Lam đề nghị Ủy ban nhân dân huyện cho ý kiến về phương án sắp xếp các hộ "
        "kinh doanh tại chợ Bến Lam trong thời gian sửa chữa mái chợ.",
        "Ủy ban nhân dân thị trấn trân trọng đề nghị xem xét, cho ý kiến./.",
    ),
    addressees=to_committee(),
    recipients=_TO_ALL,
)
BUDGET_REPORT = Paper(
    "bao-cao-31-thu-ngan-sach",
    "31",
    "BC-{unit}",
    "Tình hình thu thuế, phí trên địa bàn huyện quý III",
    (
        "Phòng Tài chính - Kế hoạch báo cáo tình hình thu thuế, phí trên địa bàn huyện quý III như sau:",
        "1. Tổng thu trên địa bàn đạt 78% kế hoạch năm.",
        "2. Các khoản thu từ phí, lệ phí đạt 81% kế hoạch năm./.",
    ),
    form_name="Báo cáo",
    addressees=to_committee(),
    recipients=_TO_ALL,
)
GUEST_LETTER = Paper(
    "cv-05-htx-lam-thuong",
    "05",
    "{unit}",
    "đề nghị hỗ trợ giống lúa vụ xuân",
    (
        "Hợp tác xã Nông nghiệp Lam Thượng đề nghị Ủy ban nhân dân huyện xem xét, hỗ trợ giống lúa vụ xuân cho "
        "các hộ xã viên bị thiệt hại do mưa lớn.",
        "Hợp tác xã trân trọng đề nghị./.",
    ),
    addressees=to_committee(),
    recipients=_TO_ALL,
)
SERVICE_CONTRACT = Paper(
    "hop-dong-12-sua-chua",
    "12",
    "HĐ-{unit}",
    "Về việc sửa chữa thiết bị văn phòng",
    (
        "Hai bên thống nhất ký kết hợp đồng sửa chữa thiết bị văn phòng với các điều khoản sau:",
        "Điều 1. Bên B sửa chữa 04 máy tính, 02 máy in của Bên A trong thời hạn 10 ngày.",
        "Điều 2. Bên A thanh toán cho Bên B sau khi nghiệm thu./.",
    ),
    form_name="Hợp đồng",
    recipients=("Phòng Nội vụ", _ARCHIVE),
)
STAFF_SUBMISSION = Paper(
    "to-trinh-21-bien-che",
    "21",
    "TTr-{unit}",
    "Về việc điều chỉnh vị trí việc làm của các đơn vị sự nghiệp",
    (
        "Phòng Nội vụ kính trình Ủy ban nhân dân huyện xem xét việc điều chỉnh vị trí việc làm của các đơn vị "
        "sự nghiệp công lập thuộc huyện như sau:",
        "1. Sự cần thiết: một số vị trí không còn phù hợp với chức năng, nhiệm vụ được giao.",
        "2. Nội dung trình: điều chỉnh 06 vị trí việc làm tại 03 đơn vị.",
        "Kính trình Ủy ban nhân dân huyện xem xét, quyết định./.",
    ),
    form_name="Tờ trình",
    addressees=to_committee(),
    recipients=_TO_ALL,
)
SECRET_REPORT = Paper(
    "bao-cao-02",
    "02",
    "BC-UBND",
    "Nội dung minh họa của tài liệu có dấu chỉ độ mật",
    ("Đây là tài liệu minh họa, không chứa bí mật nhà nước nào./.",),
    form_name="Báo cáo",
    addressees=to_committee(),
    secrecy="MẬT",
)
SAVING_SUBMISSION = Paper(
    "to-trinh-33",
    "33",
    "TTr-{unit}",
    "Về việc ban hành Kế hoạch thực hành tiết kiệm",
    (
        "Phòng Tài chính - Kế hoạch kính trình Ủy ban nhân dân huyện xem xét, ban hành Kế hoạch thực hành tiết kiệm "
        "(có dự thảo Kế hoạch kèm theo).",
        "Kính trình Ủy ban nhân dân huyện xem xét, quyết định./.",
    ),
    form_name="Tờ trình",
    addressees=to_committee(),
    recipients=_TO_ALL,
)
SAVING_DRAFT = Paper(
    "du-thao-ke-hoach-tiet-kiem",
    "",
    "KH-UBND",
    "Thực hành tiết kiệm trong các cơ quan, đơn vị thuộc huyện",
    (
        "Ủy ban nhân dân huyện ban hành Kế hoạch thực hành tiết kiệm như sau:",
        "1. Tiết kiệm điện, nước, văn phòng phẩm trong các cơ quan, đơn vị.",
        "2. Giao Phòng Tài chính - Kế hoạch theo dõi, đôn đốc việc thực hiện./.",
    ),
    form_name="Kế hoạch",
    recipients=("Các cơ quan, đơn vị thuộc huyện", _ARCHIVE),
)
INVESTMENT_SUBMISSION = Paper(
    "to-trinh-34",
    "34",
    "TTr-{unit}",
    "Về việc ban hành Kế hoạch sửa chữa trụ sở làm việc",
    (
        "Phòng Tài chính - Kế hoạch kính trình Ủy ban nhân dân huyện xem xét, ban hành Kế hoạch sửa chữa trụ sở "
        "làm việc (có dự thảo Kế hoạch kèm theo).",
        "Kính trình Ủy ban nhân dân huyện xem xét, quyết định./.",
    ),
    form_name="Tờ trình",
    addressees=to_committee(),
    recipients=_TO_ALL,
)
INVESTMENT_DRAFT = Paper(
    "du-thao-ke-hoach-sua-chua",
    "",
    "KH-UBND",
    "Sửa chữa trụ sở làm việc của các cơ quan thuộc huyện",
    (
        "Ủy ban nhân dân huyện ban hành Kế hoạch sửa chữa trụ sở làm việc như sau:",
        "1. Sửa chữa mái, hệ thống điện của 03 trụ sở đã xuống cấp.",
        "2. Giao Phòng Tài chính - Kế hoạch bố trí nguồn vốn theo quy định./.",
    ),
    form_name="Kế hoạch",
    recipients=("Các cơ quan, đơn vị thuộc huyện", _ARCHIVE),
)
DRAINAGE_LETTER = Paper(
    "cv-67-thoat-nuoc",
    "67",
    "UBND",
    "nạo vét rãnh thoát nước khu phố 2",
    (
        "Ủy ban nhân dân thị trấn Bến Lam đề nghị Phòng Tài chính - Kế hoạch phối hợp kiểm tra khối lượng nạo vét "
        "rãnh thoát nước khu phố 2./.",
    ),
    addressees=("Phòng Tài chính - Kế hoạch",),
    recipients=_TO_ALL,
)
