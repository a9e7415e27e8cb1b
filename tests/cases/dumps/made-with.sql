SET sql_mode='';
CREATE DATABASE shop CHARACTER SET utf8mb4; CREATE DATABASE second;
USE shop;
CREATE TABLE kinds (
  id int(10) unsigned NOT NULL AUTO_INCREMENT COMMENT 'it''s; a "comment", (with) \\ `signs`',
  tiny tinyint(1) DEFAULT 1, small smallint DEFAULT NULL, medium mediumint(8) unsigned zerofill, big bigint unsigned,
  price decimal(10,2), wide decimal(65,30), f float, d double, y year, day date DEFAULT '0000-00-00', at datetime(6), stamp timestamp NULL, clock time(3),
  c char(5), v varchar(200), t text, e enum('a','b;','c,(d)'), s set('x','y'), flag bit(1), bits bit(12), raw blob, fixed binary(4), j json, u uuid, point point,
  twice int GENERATED ALWAYS AS (small*2) VIRTUAL, thrice int AS (small*3) STORED,
  PRIMARY KEY (id), KEY v (v(10)), UNIQUE KEY two (small,medium), CONSTRAINT positive CHECK (price >= 0)
) ENGINE=InnoDB COMMENT='kinds; of ''values''';
INSERT INTO kinds (tiny,small,medium,big,price,wide,f,d,y,day,at,stamp,clock,c,v,t,e,s,flag,bits,raw,fixed,j,u,point) VALUES
(1,-32768,5,18446744073709551615,12345678.90,1.5,1e10,-0.0,2024,'2024-02-29','2024-02-29 12:34:56.789012','2024-02-29 12:00:00','23:59:59.5','abc','it''s "quoted" \\ back','line\nline\r\n\ttab','b;','x,y',1,b'101010101010',0x00275C0A0D1A22FF,'ab',JSON_OBJECT('a',JSON_ARRAY(1,'two',NULL)),'123e4567-e89b-12d3-a456-426655440000',ST_GeomFromText('POINT(1 2)')),
(NULL,1,NULL,0,0,-1.5,0.1,1e300,0,'0000-00-00','0000-00-00','0000-00-00','00:00:00','','NULL',');\nINSERT INTO `kinds` VALUES (','c,(d)','',0,b'0','','x',NULL,NULL,NULL),
(-128,2,16777215,1,99.99,NULL,-1.17549e-38,3.14,1901,'2024-00-00','1000-01-01','2038-01-19 03:14:07','12:00',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
(0,3,1,2,0.01,0,3.4e38,2.2250738585072014e-308,2155,NULL,NULL,NULL,NULL,'😀é','😀 ünïcode 你好','a\\\\''b\\','a','x',1,b'1','\\''\0',0x00000000,'{}',NULL,NULL);
CREATE TABLE latin (name varchar(20), `odd ``col` text) CHARACTER SET latin1;
INSERT INTO latin VALUES ('Räikkönen €','x'),('Pérez','(1,2),(3,4);');
CREATE TABLE empty_one (a int);
CREATE TABLE lengths (id int, took time);
INSERT INTO lengths VALUES (1,'838:59:59'),(2,'-01:00:00'),(3,'00:01:26');
CREATE VIEW dear AS SELECT id, price FROM kinds WHERE price > 10;
DELIMITER //
CREATE TRIGGER watch BEFORE INSERT ON latin FOR EACH ROW BEGIN SET NEW.name = CONCAT(NEW.name, ';'';"'); IF NEW.name = '' THEN SET NEW.name = NULL; END IF; END//
CREATE PROCEDURE tidy() BEGIN INSERT INTO latin VALUES ('never', 'loaded'); -- it's; a comment
 END//
CREATE FUNCTION one() RETURNS int DETERMINISTIC RETURN 1//
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO INSERT INTO latin VALUES ('event','x')//
DELIMITER ;
CREATE SEQUENCE numbers;
USE second;
CREATE TABLE results (id int, points float(8,3)); INSERT INTO results VALUES (1,10),(2,7.5);
CREATE TABLE `two words` (a int); INSERT INTO `two words` VALUES (5);
CREATE DATABASE third; USE third; CREATE TABLE results (id int); INSERT INTO results VALUES (9);
