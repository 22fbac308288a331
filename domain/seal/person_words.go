package seal

import (
	"slices"
	"strings"
)

// surnames are the family names of one character that a text is searched for, in
// simplified and, where it differs, traditional writing. Rare ones that are above all
// ordinary words (和, 向, 校, 全) are in wordlikeSurnames or left out.
const surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆" +
	"郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦邢路岳齐梅莫庄辛管祝左涂" +
	"谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧" +
	"畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼官楚佟栗匡宗应台巫鞠僧桑荆" +
	"谌明沙伏岑胥保和蔺水云昌凤酆皮尚师沃闻麻邝仝惠贝宓肖闫付代張劉陳楊趙黃吳孫馬羅鄭謝韓馮蕭鄧許呂蘇盧蔣賈葉閻鍾範薑鄒陸邊龍萬錢湯賀賴龔龐蘭齊莊" +
	"塗時關費紀項衛單車顧嚴魯聶韋畢"

// wordlikeSurnames are family names that are above all ordinary words. They count only
// where a text, or a part of it between signs, begins with them.
const wordlikeSurnames = "于时成任全和都明连应常关代解强保位单来师官水木管计文方安项包车台云"

// compoundSurnames are the usual family names of two characters.
var compoundSurnames = strings.Fields("欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 皇甫 尉迟 公孙 公孫 慕容 令狐 宇文 长孙 夏侯 端木 司徒 轩辕 南宫 呼延 独孤 完颜")

// nameElements are parts of names that have no Chinese family name in front of them.
var nameElements = strings.Fields("古丽 买买提 麦麦提 阿不都 阿布都 阿卜杜 艾合买提 吐尔逊 努尔 卓玛 扎西 才让 尼玛 央金 次仁 多吉 其其格 巴特尔 乌云 格桑 达瓦 旦增")

// posts are what somebody is called after the name, longest first where one begins
// another.
var posts = strings.Fields("班主任 副主任 主任 副校长 校长 总书记 副书记 书记 副园长 园长 老师 教研员 督学 局长 科长 股长 处长 所长 院长 会长 部长 组长 教授 导师 " +
	"先生 女士 同志 同学 师傅 名师工作室 工作室")

// bookPosts is how many of the posts are not said of people of school books.
var bookPosts = slices.Index(posts, "先生")

// wholeNamePosts follow a whole name only: after a family name alone they are as good as
// always the end of an ordinary word.
var wholeNamePosts = strings.Fields("教师 教练 辅导员 讲师 干事")

// neverGiven are characters that no given name has but that often stand before a post.
const neverGiven = "的了和与及在是等各位校员级课组班部室师们个请由被把向给让对从到还也都这那哪我你他她它副总县市区镇乡村省做讲听说上下为读写有无不所该其之以将并老男女前后每些名科股处"

// afterPosts are characters that, behind a post, make another word of it: 校长期, 主任务.
var afterPosts = map[string]string{"校长": "期远效河短", "书记": "员载", "组长": "期", "园长": "期", "部长": "期", "院长": "期", "会长": "期", "所长": "期", "科长": "期", "局长": "期"}

// doings are what follows a name with which a title or the name of a file begins:
// 王小明示范课, 李明教案.
var doings = strings.Fields("示范课 公开课 观摩课 汇报课 研讨课 展示课 优质课 精品课 同课异构 执教 主讲 授课 上课 主持 讲座 讲课 送课 送教 支教 说课 听课 评课 教案 教学设计 课件 教学反思 反思 " +
	"总结 工作总结 述职 心得 体会 照片 发言 讲话 工作室 同志 档案 简历 证书 聘书 论文 日志 记录")

// cues are what stands, with a colon or a space, before a name: 执教：王芳.
var cues = strings.Fields("主讲人 主讲 授课人 授课教师 授课老师 授课 执教者 执教人 执教教师 执教老师 执教 上课人 上课教师 上课 指导教师 指导老师 指导 师傅 徒弟 导师 讲课人 主持人 主持 负责人 联系人 " +
	"评课人 听课人 听课教师 教师 老师 姓名 作者 撰写人 记录人 校长 主任 书记 园长 展示教师 派出教师 支教教师 交流教师 骨干教师 名师 同志")

// ordinaryWords name nobody although they look as if they did: words that begin with a
// family name, subjects, grades, posts without a person, places, and people of books. They
// are taken out of a text before it is searched, longest first.
var ordinaryWords = byLength(strings.Fields(`
语文 数学 英语 物理 化学 生物 历史 地理 政治 道德与法治 道法 思想品德 品德 科学 科技 音乐 美术 体育 艺术 国学 书法 信息技术 信息科技 信息 劳动
综合实践 心理健康 心理 通用技术 高级 高中 高考 高效 高效课堂 高年级 高段 高一 高二 高三 高新 高新区 高质量 高品质 高等 高校 高端 高度 高水平 初中 小学
中学 中小学 大学 学校 幼儿园 年级 全体 全县 全校 全员 全面 全市 全区 全国 全部 全年 全学期 全程 安全 安排 安装 安置 安静 包括 包联 包保 包校 包片 包村
常规 常务 常态 常委 常见 常年 常识 常用 成员 成立 成长 成果 成绩 成功 成人 成员校 程度 程序 车间 代表 代课 代理 代数 单位 单元 单科 单招 党员 党委
党支部 党总支 党建 党组 党小组 党政 党群 党务 党史 都市 段落 段长 范围 范文 范例 方面 方法 方案 方式 方程 方程组 方向 方位 方言 房屋 费用 封闭 符合
符号 付费 干部 葛根 公开 古诗 古诗词 古诗文 古代 古文 古典 古今 谷物 顾问 关于 关心 关键 关工委 关爱 关系 关注 关怀 管理 管理者 海洋 和谐 洪水 花样
华文 华夏 黄金 黄昏 惠民 计划 计算 计算机 计财 计生 纪检 纪委 纪律 纪念 纪实 季度 季节 简历 简单 简约 简易 江南 江河 江雪 金融 金属 金色 金牌 经典
乐器 乐观 雷雨 连续 连片 廉政 廉洁 廉江 林业 林木 临时 龙头 龙舟 路线 路径 路队 马说 师说 石壕吏 石油 石头 马路 毛笔 毛巾 梅花 米脂 明年 明确 明星
明德 明显 明天 木兰诗 木偶 牧场 农村 农业 农科 农民 欧洲 平均数 平行 平面 平移 平台 平时 平等 祁连 齐步 强化 强校 强弱 强师 强镇筑基 曲线 曲目 任课
任教 任职 任务 任命 担任 兼任 新任 现任 历任 责任 荣誉 沙龙 商务 师德 师训 师生 师资 师范 师徒 师友 施工 施教 石家庄 石嘴山 时间 时代 时分秒 时事 时政
史实 水平 水利 水彩 宋词 宋代 唐诗 唐代 唐宋 汤阴 陶艺 陶瓷 田径 田野 田园 童话 童心 童年 童谣 童声 万以内 万物 万里 汪洋 卫生 温度 温暖 温馨 温县
文化 文科 文体 文学 文明 文明办 文言 文言文 文章 文艺 文件 文本 文具 武术 席位 夏季 夏令营 向老师学习 项目 项目化 项目办 谢谢 辛亥 辛苦 许多 许昌 严格
严肃 严重 颜色 阳光 杨柳 杨树 应用 应急 应届 应对 游戏 游泳 于是 余数 元旦 原理 原创 云南 云课堂 云端 云平台 云教研 云上 查找 查询 查阅 查摆 章程
赵州桥 支教 支书 支部 支队 钟表 钟点 周末 周会 周长 周围 周期 周记 周边 周年 周口 周易 祝福 祝愿 庄严 庄稼 卓越 左右 宗旨 综合 温故 白杨 白杨礼赞 白板
白天 白鹭 边缘 柏林 仓颉 池塘 楚辞 单词 丁香 房子 冬天 伏笔 甘肃 宫殿 桂花 桂林 寒假 何时 何以 和平 胡同 花木 华山 黄山 黄河 黄石 黄冈 黄海 金华
金字塔 荆轲 康复 孔雀 蓝天 冷水 黎明 柳州 柳树 马铃薯 蒙古 苗族 莫高窟 宁夏 宁波 皮影 钱塘江 桥梁 秦岭 秦腔 区域 申请 申报 沈阳 盛唐 石榴 舒展 司法
苏州 孙子兵法 台湾 谈话 谈判 屠龙 万州 武汉 武器 西游 习题 习作 习惯 喜鹊 夏天 香港 项链 徐州 雪花 燕子 叶子 易错 殷墟 银川 宇宙 郁金香 喻体 岳阳
岳阳楼记 张家口 张家界 张掖 郑州 竹节 紫藤 常州 成都 安康 安庆 安阳 安徽 安顺 江西 江苏 江门 江阴 金昌 靖边 康定 兰州 凌云 梅州 祁县 曲阜 曲靖 商洛
商丘 汤原 唐山 温州 文山 乌海 习水 延安 阳泉 伊宁 余姚 于都 榆林 岳池 云阳 章丘 昭通 周至 邹城 遵义 韩城 华阴 华县 平利 石泉 白河 汉阴 宁陕 宁强 吴堡
吴起 常德 常熟 马鞍山 鲁山 鲁甸 陆川 卢氏 温江 安化 安吉 安溪 黄梅 黄骅 房山 房县 边远 边疆 我校 我县 我市 我区 我镇 本校 本县 该校 各校 两校 三校
四校 名校 总校 分校 老校长 名校长 女校长 新校长 正副校长 后备校长 校长论坛 校长会 校长培训 校长例会 校长办公会 班组 班级 教导主任 教务主任 政教主任
总务主任 德育主任 办公室主任 年级主任 教研主任 教科室主任 骨干 名师 名师工作室 名校长工作室 名班主任工作室 优秀 青年 年轻 乡村 县城 城区 城乡 学科
教研 教研组 教研组长 备课组长 备课组 年级组长 学科组长 课题组长 小组长 班组长 教学 教育 教育局 教体局 教研室 课程 课堂 课标 课题 集体备课 特岗 轮岗
交流 结对 帮扶 牵头 核心 薄弱 送教 送课 下乡 示范 观摩 指导 培训 学习 参训 外聘 外籍 聘任 专职 兼职 专任 全职 解方程 解放 解放军 解决 解读 解析 保护
保障 保育 保育员 来源 官方 安塞 都江堰 位置 位数 强国 宁静 党校 代数式 明理 明辨 常任 古城 阳台 关联 关口 应知 方块字 项目组 项目组长 单人 成语 成本
车辆 原因 明代 计数 计量 管乐 管弦乐 连词 连环画 水浒传 水循环 师带徒 应变 台阶 时态 时装 全册 全文 全科 单方 单双 万有引力 成语故事 常规课 常态课
课间 高校长论坛 安保 安防 文字 文娱 文创 文旅 管护 管弦 史料 时令 时区 计算器 张贴 张扬 白酒 石器 石灰石 石拱桥 汤匙 梅雨 林海 雷达 江山 江水 项脊轩志
马克思 马克思主义 方面军 金刚石 钱币 水粉 水墨 明信片 常用字 任务单 任务群 学习任务群 高原 高山 高速 高空 高级别 高标准 高职 高手 高峰 高峰论坛 东方
古丽雅 文综 理综`))

// peopleOfBooks are people of history and of school books, of whom lessons are given.
// Somebody who is called a teacher, a headmaster and the like is another of that name.
var peopleOfBooks = byLength(strings.Fields(`
李白 杜甫 白居易 苏轼 苏东坡 孟子 孟浩然 孔子 孔乙己 庄子 老子 鲁迅 藤野先生 东郭先生 毛泽东 毛主席 周恩来 周总理 邓小平 朱德 朱自清 雷锋 白求恩
黄继光 邱少云 董存瑞 刘胡兰 王二小 焦裕禄 孔繁森 钱学森 邓稼先 袁隆平 屠呦呦 史铁生 老舍 叶圣陶 陶行知 于永正 王崧舟 窦桂梅 王维 王安石 王之涣 王昌龄
杨万里 陆游 文天祥 范仲淹 曹操 曹植 曹冲 司马光 司马迁 诸葛亮 关羽 张飞 赵云 刘备 孙悟空 武松 林黛玉 贾宝玉 陈涉 廉颇 蔺相如 孙权 吕蒙 田忌 祖冲之
张衡 李时珍 华佗 郑和 林则徐 康熙 项羽 刘邦 戚继光 岳飞 文成公主 习近平 梁启超 牛顿 李清照 辛弃疾 柳宗元 韩愈 欧阳修 曾巩 张骞 郑成功 王羲之 达芬奇`))

// simplified gives posts and cues one way of writing.
var simplified = strings.NewReplacer("師", "师", "長", "长", "園", "园", "書記", "书记", "組", "组", "導", "导", "執", "执", "課", "课", "學", "学", "語", "语", "數", "数", "級", "级", "體", "体", "歷", "历", "總", "总",
	"範", "范", "觀", "观", "聽", "听", "評", "评", "講", "讲", "記錄", "记录", "總結", "总结", "張", "张", "陳", "陈", "劉", "刘", "楊", "杨", "黃", "黄")

// officeEndings are the characters with which the names of offices end.
const officeEndings = "委办科股室局部处会组院校园所站厅司署队馆中团社"

// byLength returns words with the longest first.
func byLength(words []string) []string {
	out := slices.Clone(words)
	slices.SortStableFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}
